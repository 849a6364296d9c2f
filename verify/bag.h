/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_BAG_H
#define VERIFY_BAG_H

#include "common/sha256.h"
#include "verify/folder.h"
#include "verify/say.h"

/*
 * A BagIt bag (RFC 8493, and 0.97 before it): every file that a manifest lists
 * is there and hashes to what it says, every payload file is listed, no path
 * leads out of the bag.  Tag files must be in an encoding that agrees with
 * ASCII.  Memory is bounded: BAG_FILES_MAX names, of each 32 bytes.
 */
#define BAG_FILES_MAX 1000000u
#define BAG_PATH_MAX 4096u

struct bag_fault {
	enum say_what what; /* SAY_NONE: the bag is as it must be */
	int error;	    /* SAY_ERROR: errno, it could not be read; else 0 */
	char file[BAG_PATH_MAX];
};

/*
 * strict: all tag files must be listed too, but for those whose name begins
 * with "tagmanifest-", and no files are to be fetched.
 */
void bag_check(const struct folder *d, bool strict, struct bag_fault *fault);

#endif
