/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_IO_H
#define COMMON_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/span.h"

/* Files, whole and durable.  All return -1 and errno on failure. */

/*
 * Read or write all of it, whatever EINTR and short counts do.  io_read_up_to
 * returns the bytes read: fewer than len only at the end of the file.
 */
int io_write_all(int fd, const void *p, size_t len);
int io_pwrite_all(int fd, const void *p, size_t len, off_t at);
ssize_t io_read_up_to(int fd, void *p, size_t len);

/*
 * Append the regular file at path to *out.  EFBIG if it is longer than max,
 * EINVAL if it is not a regular file.  Symbolic links are followed only by
 * io_read_file.
 */
int io_read_file(const char *path, size_t max, struct buf *out);
int io_read_file_at(int dirfd, const char *name, size_t max, struct buf *out);

/*
 * Replace name in dirfd (AT_FDCWD and names with slashes are fine) durably:
 * write name.tmp, fsync, rename, fsync the directory.  After a return of 0 a
 * power cut keeps the new bytes; after -1 no name.tmp is left.
 */
int io_replace_at(int dirfd, const char *name, mode_t mode, struct span bytes);

/*
 * The same without the last fsync: readers see the new file at once, and until
 * the directory is synced a power cut leaves it or the one before, whole.
 */
int io_swap_at(int dirfd, const char *name, mode_t mode, struct span bytes);

/*
 * Rename a file or folder, over nothing: EEXIST if `to` is there.  (On a file
 * system that cannot promise that it is looked for first.)
 */
int io_rename_new(const char *from, const char *to);

/* fsync a directory by descriptor or by path. */
int io_sync_dir(const char *path);

/* mkdir -p; existing folders are fine. */
int io_mkdirs(const char *path, mode_t mode);

/* dir/name into out[size] ("name" alone if it is absolute).  0, or -1. */
int io_join(char *out, size_t size, const char *dir, const char *name);

#endif
