/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_MASK_H
#define ANALYZER_CASE_MASK_H

#include "common/buf.h"
#include "common/span.h"

/*
 * Identifiers of patients in what leaves the IT room (mails, web, printers,
 * drafts for the public): sentences of ours name no patient, but the texts of
 * devices that stand in them may.  What follows 患者ID, 患者番号, 診察券番号,
 * カルテ番号, 患者名, 患者氏名, patient id, patient name and the like is
 * masked; of an ID the last two letters stay, so that who has the log finds it.
 * Pure.
 */

/* Append s with what is masked; return how many were. */
size_t mask_patients(struct span s, struct buf *out);

#endif
