/*
 * record.c - the header needs no other before it, and every compiler lays the record
 * of an event out as the library writes it: compiled, in C and C++, and not run.
 */
#include <wdsocket.h>

const char *const null_is_known = NULL;

/* An array of -1 elements where the condition does not hold. */
#define HOLDS(name, condition) typedef char name[(condition) ? 1 : -1]
#define AT(field, place) HOLDS(field##_is_in_its_place, offsetof(wds_event, field) == 4 * (place) && sizeof(((wds_event *)NULL)->field) == 4)

HOLDS(the_record_has_32_bytes, sizeof(wds_event) == 32);
AT(socket, 0);
AT(kind, 1);
AT(value, 2);
AT(code, 3);
AT(user, 4);
AT(sequence, 5);
AT(queue, 6);
AT(detail, 7);
