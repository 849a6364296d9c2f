/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WITNESS_CELL_H
#define WITNESS_CELL_H

/*
 * What a witness is left with once it listens (confine.h): its folder, the
 * sockets that it has and those of who calls.  Return 0, or -1: it was said
 * why.
 */
int cell_enter(const char *dir);

#endif
