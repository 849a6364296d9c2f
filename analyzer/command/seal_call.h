/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_SEAL_CALL_H
#define ANALYZER_COMMAND_SEAL_CALL_H

#include <stdbool.h>

#include "analyzer/handover/choice.h"

/* The arguments of konseki seal. */
enum seal_level { LEVEL_WHOLE, LEVEL_EXCERPT, LEVEL_LEAVES };

struct seal_call {
	const char *site_dir, *log_name, *output, *since, *until;
	const char *by, *recipient, *why, *authority;
	const char *certificate, *key, *encrypt_to;
	enum seal_level level;
	bool unrecorded, help;
	struct choice choice; /* buf_fini(&choice.text) */
};

/* "whole" */
const char *seal_level_name(enum seal_level level);

/*
 * Read them; texts are checked.  0, 1 if help was asked for and given, 2 if
 * they are wrong (said).
 */
int seal_call_parse(int argc, char *argv[], struct seal_call *s);

#endif
