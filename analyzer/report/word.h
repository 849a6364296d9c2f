/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_WORD_H
#define ANALYZER_REPORT_WORD_H

/*
 * The wording of the reports: the rows of word_tbl.h, one column for each
 * language.
 */
enum word {
#define WORD(id, en, ja) WORD_##id,
#include "analyzer/report/word_tbl.h"
#undef WORD
	WORD_COUNT
};

/* In the user's language (log_lang()). */
const char *word_of(enum word w);

#endif
