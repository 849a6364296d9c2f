/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_CONF_H
#define SITE_CONF_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/yaml.h"

/*
 * The schema of konseki.yml: the rows of conf_tbl.h, and the one parser that
 * fills structs by them.  Nothing here knows what a key is for.  Pure.
 */
enum conf_section {
	CONF_ROOT,
	CONF_SITE,
	CONF_LOG,
	CONF_WRITER,
	CONF_LISTENER,
	CONF_SOURCE,
	CONF_WATCH,
	CONF_ANCHOR,
	CONF_RETENTION,
	CONF_WITNESS,
	CONF_TSA,
	CONF_RELAY,
	CONF_ANALYZER,
	CONF_LEDGERS,
	CONF_MAIL,
	CONF_ESCALATION,
	CONF_ROLES,
	CONF_REVIEW,
	CONF_HANDOVER,
	CONF_FORWARD,
	CONF_SECTION_COUNT
};

enum conf_type {
	CONF_TYPE_TEXT,
	CONF_TYPE_NAME,	   /* a-z 0-9 - */
	CONF_TYPE_ORIGIN,  /* a-z 0-9 . / - */
	CONF_TYPE_PATH,	   /* relative to the site */
	CONF_TYPE_ADDRESS, /* IPv4 or IPv6 in figures */
	CONF_TYPE_ZONE,
	CONF_TYPE_PERIOD,
	CONF_TYPE_MAILURL,
	CONF_TYPE_WEBURL,
	CONF_TYPE_TARGET, /* target.h */
	CONF_TYPE_ALARM,  /* the same: target_parse_alarm() */
	CONF_TYPE_BOOL,
	CONF_TYPE_UINT,
	CONF_TYPE_CHOICE,
	CONF_TYPE_STRINGS,
	CONF_TYPE_NETS,
	CONF_TYPE_SECTION, /* min: the enum conf_section inside */
	CONF_TYPE_LOGS,
	CONF_TYPE_LISTENERS,
	CONF_TYPE_SOURCES,
	CONF_TYPE_WATCHES,
	CONF_TYPE_WITNESSES,
	CONF_TYPE_TSAS,
	CONF_TYPE_FORWARDS,
};

struct conf_row {
	enum conf_section section;
	const char *key;
	enum conf_type type;
	size_t offset;	 /* in the section's struct */
	const char *def; /* as in the file, lists with blanks; NULL: required */
	uint32_t min, max;
	const char *choices; /* CHOICE: "a|b|c=6"; a's number is 0 */
	const char *en, *ja;
};

extern const struct conf_row conf_rows[];
extern const size_t conf_n_rows;

struct conf {		     /* one pass over one file */
	struct arena *arena; /* where the values are put */
	const char *file;    /* for messages */
	const char *dir;     /* paths are relative to it */
	struct yaml_error *err;
};

/*
 * Fill base (the struct of that section) from map: defaults where map is NULL
 * or has no such key.  Unknown and missing keys are errors.  Return 0, or -1
 * and *c->err.
 */
int conf_fill(struct conf *c, enum conf_section section,
    const struct yaml_node *map, const struct yaml_node *parent, void *base);

/* Append the whole name of a key, "listeners[].port", for messages and pages.
 */
void conf_print_name(const struct conf_row *row, struct buf *out);

/* Append what a value may be, in English or Japanese: "0 to 65535". */
void conf_print_limit(const struct conf_row *row, struct buf *out);

/*
 * Set one value from a scalar or list node, or (node NULL) from the row's
 * default.  Return 0, or -1 and *c->err.
 */
int conf_value_set(struct conf *c, const struct conf_row *row,
    const struct yaml_node *node, void *base);

#endif
