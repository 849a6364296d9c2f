/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "verify/stamp.h"
#include "verify/walk.h"

/*
 * What was given with an option, to check a folder by: if it cannot be used,
 * that says nothing of the folder.
 */
const char *
given_option(const struct verify_options *o, const char *given)
{
	for (size_t i = 0; i < VERIFY_ANCHORS_MAX && o->anchor[i] != NULL; i++)
		if (given == o->anchor[i])
			return "--anchor: ";
	for (size_t i = 0; o->tsa[i] != NULL; i++)
		if (given == o->tsa[i])
			return "--tsa: ";
	return given == NULL	 ? NULL
	    : given == o->pin	 ? "--pin: "
	    : given == o->policy ? "--policy: "
	    : given == o->key	 ? "--key: "
	    : given == o->cert	 ? "--cert: "
				 : NULL;
}

struct span
given_read(struct walk *w, const char *file, uint8_t *out, size_t max)
{
	char *real = realpath(file, NULL); /* here links are followed */
	struct folder root = { .fd = -1 };
	ssize_t n = -1;

	if (real != NULL && folder_init(&root, AT_FDCWD, "/") == 0)
		n = folder_read(&root, real + 1, out, max);
	folder_fini(&root);
	free(real);
	if (n < 0)
		walk_refuse(w, file,
		    (struct say){ SAY_ERROR, .s = strerror(errno) });
	return span_make(out, (size_t)n);
}

void
given_check(struct walk *w)
{
	const struct verify_options *o = w->opt;
	const char *const cert[] = { o->cert, NULL };
	struct signed_key key;
	unsigned line;

	if (o->pin != NULL)
		given_read(w, o->pin, w->bytes, PIN_MAX);
	if (o->policy != NULL &&
	    (line = policy_parse(given_read(w, o->policy, w->bytes, POLICY_MAX),
		 &w->policy)) != 0)
		walk_refuse(w, o->policy, say1(SAY_POLICY_LINE, line));
	if (o->key != NULL && signed_key_parse(span_str(o->key), &key) != 0)
		walk_refuse(w, o->key, say0(SAY_GIVEN_KEY));
	for (size_t i = 0; i < VERIFY_ANCHORS_MAX && o->anchor[i] != NULL; i++)
		given_read(w, o->anchor[i], w->bytes, SIGNED_MAX);
	for (const char *const *pem = cert; *pem != NULL; pem++)
		if (!stamp_trusts(*pem))
			walk_refuse(w, *pem, say0(SAY_STAMP_CA));
	for (const char *const *pem = o->tsa; *pem != NULL; pem++)
		if (!stamp_trusts(*pem))
			walk_refuse(w, *pem, say0(SAY_STAMP_CA));
}
