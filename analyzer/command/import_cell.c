/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/import_cell.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "common/confine.h"
#include "common/confine_tbl.h"
#include "common/log.h"
#include "common/text_table.h"

/* It asks whether somebody looks at its progress. */
static const struct confine_call calls[] = {
	ALLOW_IF(ioctl, 1, TCGETS),
	CALLS_PROCESS,
	CALLS_READ_FILES,
	CALLS_SOCKETS,
};

/* A folder among them would be all that is in it. */
static int
files_confine(char *const files[], size_t n)
{
	struct confine_files f = { 0 };
	struct confine_place *place = calloc(n + 1, sizeof(*place));
	struct stat st;
	size_t i;
	int rc;

	if (place == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if (stat(files[i], &st) == 0 && S_ISREG(st.st_mode))
			place[f.n++] =
			    (struct confine_place){ files[i], CONFINE_READ };
	f.places = place;
	rc = confine_files(&f);
	free(place);
	return rc;
}

int
import_cell(char *const files[], size_t n)
{
	(void)text_table_init(); /* of files; who needs them says if not */
	if (confine_begin() == 0 && files_confine(files, n) == 0 &&
	    confine_calls(calls, sizeof(calls) / sizeof(calls[0]), 0) == 0)
		return 0;
	log_errno(tr("cannot give up what is not needed",
	    "不要な権限を放棄できません"));
	return -1;
}
