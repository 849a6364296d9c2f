/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_FORMATS_H
#define ANALYZER_FORMAT_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "common/arena.h"
#include "common/yaml.h"

/*
 * From bytes to events, by the format files of a folder (docs/formats.md).
 * A handle carries what one reader remembers: of its streams (the columns that
 * a table's first record named), and of lines, which only saves time (memo.h,
 * kv_order.h).  So each thread has its own; the compiled formats are shared
 * between handles.
 *
 * What a record means depends only on the formats, the hints, and the records
 * of its own stream before it, which is why a reader feeds a stream in order.
 */
struct formats;

/* Compile every *.yml of a folder.  Return NULL and *err. */
struct formats *formats_load(const char *dir, struct yaml_error *err);

/*
 * The same with n more files, as one that is being written; a format of theirs
 * stands in the place of one of its name.  The paths must outlive it.
 */
struct formats *formats_load_with(const char *dir, const char *const *files,
    size_t n, struct yaml_error *err);

/* Another handle to the same formats, with nothing remembered. */
struct formats *formats_share(const struct formats *f);

/* The last handle frees the formats.  NULL is fine. */
void formats_free(struct formats *f);

/* What the caller knows of the record beside its bytes. */
struct format_hints {
	int zone; /* of the site, seconds east */
	bool has_device_zone;
	int device_zone;     /* of this device, by the ledger */
	const char *format;  /* this format and no other, or NULL */
	struct span columns; /* header row of a table read from its middle */
	int64_t now;	     /* stands in for e->received if that is 0 */
};

/*
 * Fill e's format, time and fields from e->message.  Values lie in the
 * message or in a; both must live as long as the event is used.  Return 1 if
 * a format knew the line, else 0 and an event with only its record's part.
 */
int formats_apply(struct formats *f, struct event *e, struct arena *a,
    const struct format_hints *hints);

/*
 * Whether the line that was applied last was read by what its stream said
 * before, or may change how later ones are: a table's titles, an encoding.
 * All others mean the same in any order, by any handle.
 */
bool formats_asked(const struct formats *f);

/* Whether all lines of that stream are first read by its table. */
bool formats_remembers(struct formats *f, uint32_t stream);

/*
 * What is remembered of a stream (stream.h), valid until the next call; and
 * the same of another handle, which was lent by this one or is its equal in
 * all it has read, taken over where its version is another.
 */
const struct stream *formats_stream(struct formats *f, uint32_t stream);
void formats_recall(struct formats *f, const struct stream *as);

/* The number of the format of that name, or formats_count(). */
size_t formats_number(const struct formats *f, const char *name);

/* The format of that name: its name, which lives as long as f; or NULL. */
const char *formats_named(const struct formats *f, const char *name);

size_t formats_count(const struct formats *f);
const char *formats_name(const struct formats *f, size_t i);
const char *formats_title(const struct formats *f, size_t i);

/* The file that a format of that name was read from; NULL: there is none. */
const char *formats_file(const struct formats *f, const char *name);

/*
 * Whether that format reads a table whose first record names the columns;
 * *separator of its cells.
 */
bool formats_is_table(const struct formats *f, const char *name,
    uint8_t *separator);

/*
 * The columns of the table that was met in that stream, 0 if none was: for
 * each what the format calls it, empty if it does not want it.
 */
size_t formats_columns(const struct formats *f, uint32_t stream,
    struct span *name, size_t max);

/* Where the knowledge comes from, as the file says; "" if it does not. */
const char *formats_reference(const struct formats *f, size_t i);

/*
 * Whether a format takes any line that is left, without a word that it must
 * have: what it read is not understood.
 */
bool formats_takes_any(const struct formats *f, const char *name);

/* What an example of a format file showed. */
struct formats_verdict {
	const char *format, *file;
	unsigned line;	   /* of the example, or of the field */
	struct span raw;   /* the line of the log */
	const char *what;  /* what does not hold, a sentence; NULL: it holds */
	const char *field; /* that came out wrong, or NULL */
	struct span wanted, found; /* may be empty; of the field or of all */
};

/* What may be a slip of who writes a file; nothing is wrong with the format. */
struct formats_note {
	const char *file;
	unsigned line;
	struct span name; /* of an input, a group, a fragment */
	const char *what; /* a sentence */
};

/*
 * Tell the names that are used and that no example gives a value, and those
 * that are given and not used; how many.
 */
size_t formats_notes(struct formats *f, size_t i,
    void (*report)(const struct formats_note *note, void *arg), void *arg);

size_t formats_example_count(const struct formats *f, size_t i);

/*
 * Run the examples of format i.  Each that holds is reported once, the others
 * once for each fault.  Return how many do not hold.
 */
size_t formats_examples(struct formats *f, size_t i,
    void (*report)(const struct formats_verdict *v, void *arg), void *arg);

#endif
