/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_LINT_H
#define ANALYZER_CASE_LINT_H

#include "analyzer/case/contacts.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * What a contact tree lacks that the guidance asks for, or that would be found
 * out on the night: roles that nobody has, numbers that are not filled in,
 * people whom no channel reaches, severities that reach no executive, offices
 * outside that are not on it.  Pure.
 *
 * Append a line for each; return how many.  today: day number, for when a
 * contact was last confirmed.
 */
#define LINT_CONFIRM_DAYS 90
size_t contacts_lint(const struct contacts *c, const struct site *site,
    int64_t today, struct buf *out);

#endif
