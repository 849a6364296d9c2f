/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_WAKE_H
#define COLLECTOR_WAKE_H

/*
 * An eventfd, by which another process or thread is woken: its loop waits for
 * the descriptor to become readable.  To be woken often is to be woken once.
 */

/* A new one, not readable.  The caller closes it.  -1 and errno. */
int wake_open(void);

/* Make it readable. */
void wake_up(int fd);

/* Who waits for it is awake: it is readable no more. */
void wake_seen(int fd);

#endif
