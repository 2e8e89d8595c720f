#ifndef MEDAI_FAULT_FILE_SYSTEM_H
#define MEDAI_FAULT_FILE_SYSTEM_H

/*
 * A file system for SQLite that fails on purpose. It wraps the usual one, counts calls of one kind
 * and lets the chosen one go wrong. For tests only: the whole process gets it.
 */

/* Which calls are counted and fail. */
enum medai_fault {
  MEDAI_FAULT_NONE = 0,
  MEDAI_FAULT_WRITE = 1,       /* xWrite gives EIO, nothing is written */
  MEDAI_FAULT_SHORT_WRITE = 2, /* xWrite writes the first half, then gives EIO */
  MEDAI_FAULT_FULL = 3,        /* xWrite says that the disk is full */
  MEDAI_FAULT_SYNC = 4,        /* xSync gives EIO */
  MEDAI_FAULT_TRUNCATE = 5,    /* xTruncate gives EIO */
  MEDAI_FAULT_READ = 6,        /* xRead gives EIO */
  MEDAI_FAULT_OPEN = 7,        /* xOpen fails */
  MEDAI_FAULT_SHARED = 8,      /* xShmMap gives EIO */
};

/* Makes the failing file system the default of this process. 0, or SQLite's error. */
int medai_fault_install(void);

/*
 * Chooses the fault and the call that fails, counting from 1; with `sticky` every call after it
 * fails too, as on a disk that died. A call number of 0 only counts.
 */
void medai_fault_choose(enum medai_fault fault, long call, int sticky);

/* Calls of the chosen kind so far. */
long medai_fault_calls(void);

/* Whether the chosen call came. */
int medai_fault_happened(void);

/* Makes waiting for a lock take no time: SQLite is told that it slept. */
void medai_fault_hurry(void);

#endif
