/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tailer.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "collector/follow.h"
#include "common/log.h"

#define LOOK 250 /* milliseconds from one look at the files to the next */

int
tailer_run(const struct tailer_options *opt)
{
	struct follow *f[SITE_WATCHES_MAX];
	struct pollfd control = { .fd = opt->control, .events = POLLIN };
	size_t i, n = 0;
	int status = 1;

	for (i = 0; i < opt->site->n_watches; i++) {
		f[i] =
		    follow_new(opt->site, &opt->site->watches[i], opt->tail[i]);
		if (f[i] == NULL)
			goto free;
		n++;
	}
	while (poll(&control, 1, n > 0 ? LOOK : -1) == 0)
		for (i = 0; i < n; i++)
			if (follow_run(f[i]) != 0)
				goto free;
	status = 0;
	for (i = 0; i < n; i++)
		if (follow_run(f[i]) != 0 || follow_seal(f[i]) != 0)
			status = 1;
free:
	for (i = 0; i < n; i++)
		follow_free(f[i]);
	return status;
}
