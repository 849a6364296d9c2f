/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/word.h"

#include "common/log.h"

static const struct {
	const char *en, *ja;
} words[] = {
#define WORD(id, en, ja) { en, ja },
#include "analyzer/report/word_tbl.h"
#undef WORD
};

const char *
word_of(enum word w)
{
	return tr(words[w].en, words[w].ja);
}
