/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_COMMAND_H
#define ANALYZER_COMMAND_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One function for each subcommand: argv[0] is its name, as for main().  It
 * returns the exit status; 2 means that it was called wrongly.
 */
#define COMMAND(name, function, en, ja) int function(int argc, char *argv[]);
#include "analyzer/command/command_tbl.h"
#undef COMMAND

struct site;
struct site_log;

/*
 * The site a subcommand works on: dir from --site, else KONSEKI_SITE, else
 * /etc/konseki.  Says what is wrong and returns NULL if it cannot be loaded.
 * site_free() it.  command_site_dir(): which one that is.
 */
struct site *command_site(const char *dir);
const char *command_site_dir(const char *dir);

/*
 * A log of a site by its name: NAME is the generation in force, NAME.n the
 * n-th; NULL: evidence.  Says what is wrong and returns NULL if there is none.
 */
const struct site_log *command_site_log(struct site *site, const char *name);

/*
 * The same with its site, which is to be freed when the log is no longer
 * needed.
 */
const struct site_log *command_log(const char *dir, const char *name,
    struct site **site);

/*
 * The casebook of a site, all its generations, into arena.  Return 0, or -1
 * and a sentence in *why.
 */
struct arena;
struct buf;
struct casebook;
int command_casebook(const struct site *site, struct arena *arena,
    struct casebook *book, struct buf *why);

/* Whether a log that another has followed has no checkpoint, as one that was
 * removed; it is said. */
bool command_gone(const char *dir);

/* Say what could not be read of a log that another has followed. */
void command_missing(const char *dir, const char *what);

/*
 * "2026-11-22", "2026-11-22T08:00" at the site, or RFC 3339.  Return 0, or -1
 * (said).
 */
int command_time(const struct site *site, const char *text, int64_t *usec);

/*
 * One turn of escalation over all cases; gather as escalation.h has it.
 * *again = when the next has something to do, utc usec, 0 = not known.  0, 1
 * if a message failed, -1 if it could not be done at all (said).
 */
int command_escalate_turn(struct site *site, int64_t gather, int64_t *again);

/* "konseki: NAME: what" on a wrong call; returns 2. */
int command_usage(const char *name, const char *usage);

/* The --lang in front of the subcommand, or NULL: the user's own word. */
const char *command_lang(void);

/* What people read of a site is written in this language, else the user's own
 * word, else the site's; lang may be NULL. */
void command_page_lang(const struct site *site, const char *lang);

/* The folder with formats, rules and data: KONSEKI_RULES, else as installed. */
const char *command_rules(void);

#endif
