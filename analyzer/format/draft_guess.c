/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/draft_priv.h"
#include "common/find.h"
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
		if (find_part(text, span_make(word, len)) != NULL)
			return true;
	}
	return false;
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
}

/* Whether one of the words stands in text by itself: "ok", not "broken". */
static bool
says_word(struct span text, const char *words)
{
	size_t i, k;

	for (i = 0; i < text.len; i = k + (k == i)) {
		for (k = i; k < text.len && is_letter(text.p[k]); k++)
			;
		if (draft_one_of(span_sub(text, i, k - i), words))
			return true;
	}
	return false;
}

#define FAILED                                                                 \
	"fail denied invalid incorrect reject refused wrong unsuccessful "     \
	"失敗 拒否"
#define DONE                                                                   \
	"success succeed accepted logged|in logged|on 成功 established "     \
	"granted"

/* A person of the device itself, or one who comes in from outside. */
static const char *
kind_of_login(struct span t, const char *const *kinds)
{
	if (says(t,
		"vpn remote|log remote|access リモートログイン "
		"リモートアクセス"))
		return kinds[1];
	if (says(t,
		"admin|login admin|logon admin|logout admin|logoff "
		"administrator|log admin-log management|log 管理者ログ "
		"管理画面") &&
	    !says(t, "user|admin"))
		return kinds[2];
	return kinds[0];
}

static struct draft_guess
guess_login(struct span t)
{
	static const char *const in[] = { "login", "vpn-login", "admin-login" },
				 *const out[] = { "logout", "vpn-logout",
					 "admin-logout" };
	const char *kind = kind_of_login(t, in);

	if (says(t, "logout logged|out logoff logged|off ログアウト ログオフ"))
		return (struct draft_guess){ kind_of_login(t, out), NULL };
	if (says(t, FAILED) || says_word(t, "ng"))
		return (struct draft_guess){ kind, "failure" };
	if (says(t, DONE) || says_word(t, "ok"))
		return (struct draft_guess){ kind, "success" };
	return (struct draft_guess){ NULL, NULL };
}

static struct draft_guess
guess_traffic(struct span t)
{
	if (says(t, "deny denied drop block reject refuse 拒否 遮断 破棄"))
		return (struct draft_guess){ "traffic-denied", NULL };
	if (says_word(t, "close closed end ended teardown") ||
	    says(t, "終了 切断"))
		return (struct draft_guess){ "traffic", NULL };
	if (says_word(t, "open opened start started") || says(t, "開始"))
		return (struct draft_guess){ "traffic-start", NULL };
	if (says(t, "accept permit allow pass 許可"))
		return (struct draft_guess){ "traffic", NULL };
	return (struct draft_guess){ NULL, NULL };
}

static bool
is_change(struct span t)
{
	return says(t,
		   "config|changed configuration|changed config|saved "
		   "configuration|saved 設定変更 設定を変更") ||
	    (says_word(t, "changed modified") && !says(t, "password") &&
		says_word(t,
		    "admin administrator setting settings config "
		    "configuration"));
}

bool
draft_tells(struct span word)
{
	return draft_one_of(word,
	    "login logon logout logoff ok ng failed failure success succeeded "
	    "refused denied deny rejected close closed open opened start "
	    "started end ended vpn remote changed modified accepted");
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
	if (t.len > 0 &&
	    says(t,
		"login logon logged|in logged|on logout logoff logged|out "
		"log|in authenticat sign-in ログイン ログオン ログアウト "
		"ログオフ 認証"))
		g = guess_login(t);
	else if (both_ends)
		g = guess_traffic(t);
	if (g.kind != NULL || t.len == 0)
		;
	else if (is_change(t))
		g = (struct draft_guess){ "config-change", NULL };
	else if (says(t, "reboot restarted system|started booted 再起動"))
		g = (struct draft_guess){ "restart", NULL };
	else if (says(t, "link|up link|down port|up port|down"))
		g = (struct draft_guess){ "line", NULL };
	buf_fini(&lower);
	return g;
}
