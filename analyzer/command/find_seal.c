/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/submit.h"
#include "analyzer/command/command.h"
#include "analyzer/command/find.h"
#include "analyzer/report/certificate.h"
#include "common/io.h"
#include "common/log.h"

int
find_seal(struct find *f, uint64_t *index)
{
	struct submit *submit;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	submit = submit_open(f->site, "konseki-find", &why);
	if (submit != NULL && submit_search(submit, &f->search, &why) == 0 &&
	    submit_seal(submit, NULL, index, &why) == 0)
		rc = 0;
	else
		log_error(tr("this search could not be recorded in the "
			     "casebook: %s",
			      "この調査を事案簿に記録できませんでした: %s"),
		    buf_cstr(&why));
	submit_close(submit);
	buf_fini(&why);
	return rc;
}

/* ---- the page ---- */

static const struct search *
search_of(const struct casebook *book, uint64_t index)
{
	size_t i;

	for (i = book->n_searches; i-- > 0;)
		if (book->searches[i].index == index &&
		    strcmp(book->searches[i].origin, book->origin) == 0)
			return &book->searches[i];
	for (i = book->n_searches; i-- > 0;) /* of a log that it followed */
		if (book->searches[i].index == index)
			return &book->searches[i];
	return NULL;
}

static int
write_page(struct find *f, const char *number, struct span page)
{
	const char *dir = f->output != NULL ? f->output : f->site->reports;
	const char *path = arena_printf(f->arena, "%s/%s-%s.html", dir, number,
	    log_lang() == LOG_JA ? "ja" : "en");

	if (io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, page) == 0) {
		fprintf(f->how == FIND_TEXT ? stdout : stderr, "%s\n", path);
		return 0;
	}
	log_errno(tr("cannot write a report to %s", "報告書を %s に書けません"),
	    dir);
	return -1;
}

static int
print(struct find *f, const struct search *s)
{
	struct certificate c = { .site = f->site->name,
		.zone = f->site->zone,
		.search = s,
		.arena = f->arena };
	struct buf page;
	int rc;

	if (s->result != SEARCH_NONE) {
		log_error(tr("record %" PRIu64 " of the casebook is a search "
			     "that did not come out as 'nothing found': there "
			     "is no certificate of it",
			      "事案簿の記録%" PRIu64 "の調査結果は「該当なし」"
			      "ではないため、証明書はありません"),
		    s->index);
		return -1;
	}
	c.number = arena_printf(f->arena, "search-%" PRIu64, s->index);
	buf_init(&page);
	certificate_html(&c, &page);
	rc = write_page(f, c.number, buf_view(&page));
	buf_fini(&page);
	return rc;
}

int
find_certificate(struct find *f, uint64_t index)
{
	const struct search *s;
	struct casebook book;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	if (command_casebook(f->site, f->arena, &book, &why) != 0)
		log_error("%s", buf_cstr(&why));
	else if ((s = search_of(&book, index)) == NULL)
		log_error(tr("record %" PRIu64 " of the casebook is no search",
			      "事案簿の記録%" PRIu64 "は調査の記録ではありませ"
			      "ん"),
		    index);
	else
		rc = print(f, s);
	buf_fini(&why);
	return rc;
}
