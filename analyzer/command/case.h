/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_CASE_H
#define ANALYZER_COMMAND_CASE_H

#include "analyzer/case/casebook.h"
#include "common/arena.h"
#include "site/site.h"

/* konseki case: what its subcommands share. */
struct case_call {
	const char *site, *by, *name, *comment; /* NULL: not given */
	const char *rule, *about, *from, *until;
	const char *sign, *place, *at, *scope, *output;
	const char *code; /* of a message; "" with reply: on standard input */
	bool critical, decision, reply;
	const char *program; /* that submits */
	struct site *s;
	struct arena *arena;
	struct casebook book;
};

/* Whether --by or --name says who it is; whether there is a --comment; they say
 * what is wrong. */
bool case_somebody(const struct case_call *c);
bool case_reason(const struct case_call *c);

/* Record a step, by whom and with what reason the call says, and wait for the
 * seal.  0, or 1 (said). */
int case_enter(const struct case_call *c, struct casebook_step *s);

/* Print foreign text, escaped for a terminal. */
void case_put(const char *s);

/*
 * What people may do; each returns an exit status and said what is wrong.
 * finding: NULL, or the one meant.
 */
int case_list(const struct case_call *c);
int case_show(const struct case_call *c, const struct casebook_group *g);
int case_show_one(const struct case_call *c, const struct casebook_finding *f);
int case_ack(const struct case_call *c, const struct casebook_group *g);
int case_ack_code(struct case_call *c);
int case_judge(const struct case_call *c, const struct casebook_group *g,
    const struct casebook_finding *finding, const char *how);
int case_silence(const struct case_call *c);
int case_unsilence(const struct case_call *c, const char *id);

/* What happened or was decided; the time of awareness; by when whoever is
 * outside is to be told, and that it was done. */
int case_note(const struct case_call *c, const struct casebook_group *g);
int case_aware(const struct case_call *c, const struct casebook_group *g);
int case_deadlines(const struct case_call *c, const struct casebook_group *g);
int case_done(const struct case_call *c, const struct casebook_group *g,
    const char *id);

/* Keep the evidence of a case, in one go. */
int case_preserve(const struct case_call *c, const struct casebook_group *g);

/* The page of the night; the form of the staff. */
int case_night(const struct case_call *c, const struct casebook_group *g);
int case_form(const struct case_call *c);

/* Somebody of the staff told of something: a record of the evidence log. */
int case_report(const struct case_call *c);

/* Silences; findings that tell nobody and why; rows for exceptions.csv. */
int case_silences(const struct case_call *c);
int case_quiet(const struct case_call *c);
int case_exceptions(const struct case_call *c);

#endif
