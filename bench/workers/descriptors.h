/*
 * descriptors.h - a thousand and more connections from one process
 */
#ifndef BENCH_DESCRIPTORS_H
#define BENCH_DESCRIPTORS_H

/*
 * descriptors_reserve makes room for so many connections: it raises the limit on
 * open files, and ends the worker with the reason when the system refuses.
 */
void descriptors_reserve(long connections);

#endif
