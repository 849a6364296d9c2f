/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/note.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/io.h"

int
note_load(const char *folder, const char *name, struct mark_note *note)
{
	char path[4096];
	struct buf in;
	int rc = -1;

	buf_init(&in);
	if (io_join(path, sizeof(path), folder, name) == 0 &&
	    io_read_file(path, MARK_NOTE_MAX, &in) == 0)
		rc = mark_note_parse(buf_view(&in), note);
	buf_fini(&in);
	return rc;
}

int
note_replace(const char *folder, const char *name, const struct mark_note *note)
{
	char text[MARK_NOTE_MAX];
	int dir, rc;

	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	rc = io_replace_at(dir, name, 0640,
	    span_make(text, mark_note_print(note, text)));
	close(dir);
	return rc;
}
