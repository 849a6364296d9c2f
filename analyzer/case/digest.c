/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/digest.h"

#include "common/log.h"
#include "common/text.h"

void
digest_sort(struct digest *digest)
{
	struct reminder_due *v = digest->deadlines, due;
	size_t i, j;

	for (i = 1; i < digest->n; i++) {
		due = v[i];
		for (j = i; j > 0 && v[j - 1].left > due.left; j--)
			v[j] = v[j - 1];
		v[j] = due;
	}
}

void
digest_subject(const struct digest *digest, const struct escalation_site *site,
    struct buf *out)
{
	size_t more = digest->n + (digest->n_weeks > 0) - 1;

	buf_str(out, escalation_mark(site, digest->replay));
	buf_str(out,
	    digest->n > 0 ? tr("[konseki deadline] ", "[konseki 期限] ")
			  : "[konseki] ");
	text_escape(span_str(site->name), out);
	buf_str(out, ": ");
	if (digest->n > 0)
		reminder_title(&digest->deadlines[0], out);
	else
		overdue_title(&digest->weeks[0], site, out);
	if (more > 0)
		buf_printf(out, tr(" and %zu more", " ほか%zu件"), more);
}

static void
put_deadlines(const struct digest *digest, const struct escalation_site *site,
    struct buf *out)
{
	size_t i;

	if (digest->n > 0)
		buf_str(out,
		    tr("Executives decide and report; konseki sends nothing "
		       "outside.\n\n",
			"報告の判断と報告は経営層が行います（konsekiは外部に"
			"送信しません）。\n\n"));
	for (i = 0; i < digest->n && i < DIGEST_TEXTS; i++) {
		reminder_text(&digest->deadlines[i], site, out);
		buf_byte(out, '\n');
	}
	for (; i < digest->n; i++) {
		buf_printf(out, tr("Case %s: ", "事案 %s: "),
		    digest->deadlines[i].group->id);
		reminder_title(&digest->deadlines[i], out);
		buf_byte(out, '\n');
	}
	if (digest->n > DIGEST_TEXTS)
		buf_byte(out, '\n');
}

void
digest_body(const struct digest *digest, const struct escalation_site *site,
    struct buf *out)
{
	text_escape(span_str(site->name), out);
	buf_printf(out, tr("\nTo: %s %s\n\n", "\n宛先: %s %s\n\n"),
	    digest->to->role, digest->to->name);
	if (site->drill)
		buf_str(out,
		    tr("*** DRILL *** Report nothing to anybody outside.\n\n",
			"【訓練 訓練 訓練】外部への報告は行わないでください。\n"
			"\n"));
	put_deadlines(digest, site, out);
	/* Both stages are of the same weeks: the first has all of them, and
	 * nobody is to be told what he was told himself. */
	if (digest->n_weeks > 0)
		overdue_text(&digest->weeks[0], site, out);
}
