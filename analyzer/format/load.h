/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_LOAD_H
#define ANALYZER_FORMAT_LOAD_H

#include "analyzer/format/set.h"
#include "common/log.h"
#include "common/yaml.h"

/*
 * From a format file to a struct format.  Each part returns 0, or -1 with
 * the place and the fault in ld->err.  Everything lies in the set's arena.
 */
struct load_map {
	struct span name;
	struct map map;
	struct load_map *next;
};

/* A part of an expression, written {{name}} where it is used. */
struct load_fragment {
	struct span name, text;
	struct load_fragment *next;
	unsigned line;
	bool used;
};

struct loader {
	struct format_set *set;
	struct arena *a;
	struct yaml_error *err;
	const char *file;
	struct format *f;
	struct span *name; /* of each slot, MODEL_SLOTS of them */
	bool *given;	   /* a step or a pattern gives it a value */
	struct format_name *use; /* of each slot */
	size_t nslot;
	bool trial; /* a file that is being written: without examples yet */
	bool open; /* key=value: any name may be a key */
	struct load_map *shared, *maps;
	struct load_fragment *shared_fragments, *fragments;
	uint16_t match_from; /* where the patterns of cases search */
};

/* yaml_fail with the loader's file. */
#define load_fail(ld, at, ...) yaml_fail((ld)->err, (ld)->file, at, __VA_ARGS__)

/* A whole file; NULL on failure. */
struct format *load_format(struct loader *ld, const struct yaml_node *root);

/* A sentence on a format that has none, and on what to write. */
const char *load_no_examples(void);

/* The maps of a `maps:` node, in front of *list. */
int load_maps(struct loader *ld, const struct yaml_node *n,
    struct load_map **list);

/* The same for `fragments:`. */
int load_fragments(struct loader *ld, const struct yaml_node *n,
    struct load_fragment **list);

/* That n is a map whose keys are all in allowed ("a b c"). */
int load_keys(struct loader *ld, const struct yaml_node *n,
    const char *allowed);

/* One text, or a sequence of texts. */
int load_texts(struct loader *ld, const struct yaml_node *n,
    const struct span **list, size_t *count);
int load_bool(struct loader *ld, const struct yaml_node *n, bool *value);

/* The one byte that a text stands for. */
int load_byte(struct loader *ld, const struct yaml_node *n, uint8_t *byte);

/* The slot of an input that is referred to, or of one that is given. */
int load_input(struct loader *ld, const struct yaml_node *at, struct span name,
    uint16_t *slot);
int load_given(struct loader *ld, const struct yaml_node *at, struct span name,
    uint16_t *slot);
int load_field(struct loader *ld, const struct yaml_node *at, struct span name,
    enum ecs *field);

/* Expressions and their groups. */
struct regex *load_pattern(struct loader *ld, const struct yaml_node *n);
int load_patterns(struct loader *ld, const struct yaml_node *n, uint16_t from,
    const struct rule_pattern **out);

/* when, cases, fields, set. */
int load_when(struct loader *ld, const struct yaml_node *n,
    const struct cond **out);
int load_cases(struct loader *ld, const struct yaml_node *n,
    const struct case_list **out);
int load_fields(struct loader *ld, const struct yaml_node *n,
    const struct op **out, size_t *count);
int load_set(struct loader *ld, const struct yaml_node *n,
    const struct assign **out, size_t *count);

/* parse, detect, time. */
int load_steps(struct loader *ld, const struct yaml_node *n);
int load_detect(struct loader *ld, const struct yaml_node *n);
int load_time(struct loader *ld, const struct yaml_node *n);

/* A step that finds keys: 0, -1, or 1 if the node is no such step. */
int load_key_step(struct loader *ld, const struct yaml_node *n,
    struct step *s);
int load_separators(struct loader *ld, const struct yaml_node *n,
    struct step *s);

/* What can only be done when all names are known. */
void load_step_keys(struct loader *ld);
void load_op_index(struct loader *ld);

#endif
