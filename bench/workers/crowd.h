/*
 * crowd.h - a thousand and more connections from one process
 */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

/*
 * crowd_descriptors makes room for so many connections: it raises the limit on
 * open files, and ends the worker with the reason when the system refuses.
 */
void crowd_descriptors(long connections);

#endif
