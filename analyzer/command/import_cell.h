/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMAND_IMPORT_CELL_H
#define COMMAND_IMPORT_CELL_H

#include <stddef.h>

/*
 * What `konseki import` is left with (confine.h) before the first byte of a
 * file is read: reading these files, and the socket of the writer, which is
 * open.  What is in them was made elsewhere, is unpacked, and nobody answers
 * for it.  Return 0, or -1: it was said why.
 */
int import_cell(char *const files[], size_t n);

#endif
