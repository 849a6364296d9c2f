/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/draft_priv.h"
#include "common/text.h"

/*
 * What a line tells by its words.  Only what is plain: a wrong kind is worse
 * than none, and whoever writes the file sees the guess.
 */

/* Whether any of the words ("a b", "|" for a blank) stands in text. */
static bool
says(struct span text, const char *words)
{
	char word[32];
	size_t len, i;

	for (; *words != '\0'; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		for (i = 0; i < len; i++)
			word[i] = words[i] == '|' ? ' ' : words[i];
		if (memmem(text.p, text.len, word, len) != NULL)
			return true;
	}
	return false;
}

static struct draft_guess
guess_login(struct span t)
{
	const char *kind = says(t, "vpn") ? "vpn-login" : "login";

	if (says(t, "logout logged|out logoff logged|off ログアウト ログオフ"))
		return (struct draft_guess){ says(t, "vpn") ? "vpn-logout"
							    : "logout",
			NULL };
	if (says(t,
		"fail denied invalid incorrect reject refused wrong "
		"unsuccessful 失敗 拒否"))
		return (struct draft_guess){ kind, "failure" };
	if (says(t,
		"success succeed accepted logged|in logged|on 成功 "
		"established granted"))
		return (struct draft_guess){ kind, "success" };
	return (struct draft_guess){ NULL, NULL };
}

struct draft_guess
draft_guess(struct span text, bool both_ends)
{
	struct draft_guess g = { NULL, NULL };
	struct buf lower;
	struct span t;

	buf_init(&lower);
	text_fold(text, true, &lower);
	t = buf_view(&lower);
	if (t.len == 0)
		;
	else if (says(t,
		     "login logon logged|in logged|on logout logoff "
		     "logged|out log|in authenticat sign-in ログイン "
		     "ログオン ログアウト 認証"))
		g = guess_login(t);
	else if (both_ends && says(t, "deny denied drop block reject 拒否"))
		g = (struct draft_guess){ "traffic-denied", NULL };
	else if (both_ends && says(t, "accept permit allow pass 許可"))
		g = (struct draft_guess){ "traffic", NULL };
	else if (says(t,
		     "config|changed configuration|changed config|saved "
		     "configuration|saved 設定変更"))
		g = (struct draft_guess){ "config-change", NULL };
	else if (says(t, "reboot restarted system|started booted 再起動"))
		g = (struct draft_guess){ "restart", NULL };
	else if (says(t, "link|up link|down port|up port|down"))
		g = (struct draft_guess){ "line", NULL };
	buf_fini(&lower);
	return g;
}
