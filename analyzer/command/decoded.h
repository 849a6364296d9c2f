/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_DECODED_H
#define ANALYZER_COMMAND_DECODED_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * A message that is no UTF-8, for people: append it as text, escaped, behind
 * the name of its encoding.  words are those of its stream's d1: what they say
 * counts; else it is guessed, which the line says, as it does if not all of it
 * decodes.  Return false, and nothing is appended, if the message is text as it
 * stands.  Pure.
 */
bool decoded_print(struct span message, struct span words, struct buf *out);

#endif
