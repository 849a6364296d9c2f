/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_NOTE_H
#define COLLECTOR_NOTE_H

#include "collector/mark.h"

/* The note of a followed file (mark.h), a file in the cache folder. */

/* 0, or -1: there is none, or none that can be read. */
int note_load(const char *folder, const char *name, struct mark_note *note);

/* Durably.  0, or -1 and errno. */
int note_replace(const char *folder, const char *name,
    const struct mark_note *note);

#endif
