/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/load.h"
#include "collector/named.h"
#include "collector/parent_priv.h"
#include "common/log.h"

/* The words of a bundle, behind konseki.yml; none if they cannot be had. */
static int
words_get(int bundle, struct buf *words)
{
	struct buf text;
	off_t at = 0;
	int rc;

	buf_init(&text);
	rc = bundle_get(bundle, &at, &text);
	buf_fini(&text);
	return rc == 0 ? bundle_get(bundle, &at, words) : rc;
}

/* As the bundle says; *changed gets what did. */
static void
take(struct parent *p, int bundle, struct buf *changed)
{
	struct buf words;

	buf_init(&words);
	if (words_get(bundle, &words) == 0) {
		named_changed(buf_view(&p->c.named), buf_view(&words), changed);
		p->c.named.len = 0;
		buf_span(&p->c.named, buf_view(&words));
	}
	buf_fini(&words);
}

/* konseki.yml and the words: the receiver's private keys may be behind them. */
static void
tell_writer(struct parent *p, int bundle)
{
	int first = bundle_first(bundle, 2);

	if (first < 0 ||
	    children_give(&p->c, CHILD_WRITER, "config", &first, 1) != 0)
		log_errno(tr("the writer cannot be reached",
		    "書き込みプロセスに接続できません"));
	if (first >= 0)
		close(first);
}

void
parent_named_begin(struct parent *p)
{
	struct buf changed;
	int bundle = bundle_new();

	buf_init(&changed);
	if (bundle < 0)
		log_errno(tr("what the configuration names cannot be read",
		    "設定が指すファイルを読めません"));
	else if (load_named(p->opt->site, bundle) == 0)
		take(p, bundle, &changed); /* else it was said why */
	if (changed.len > 0 && p->c.pid[CHILD_WRITER] != 0)
		tell_writer(p, bundle);
	buf_fini(&changed);
	if (bundle >= 0)
		close(bundle);
}

void
parent_named_reloaded(struct parent *p, int bundle, struct buf *paths)
{
	struct buf changed;

	buf_init(&changed);
	take(p, bundle, &changed);
	named_paths(buf_view(&changed), paths);
	buf_fini(&changed);
	tell_writer(p, bundle);
}
