/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_CONTACTS_FILE_H
#define ANALYZER_CASE_CONTACTS_FILE_H

#include "analyzer/case/contacts.h"

/* contacts.yml as it is read; for contacts.c and contacts_tree.c only. */
struct contacts_file {
	const char *file; /* for messages */
	struct arena *arena;
	struct contacts *c;
	struct yaml_error *err;
};

/* The keys 'tree' and 'deadlines' of the file, once its people are known. */
int contacts_file_tree(struct contacts_file *l, const struct yaml_node *root);

#endif
