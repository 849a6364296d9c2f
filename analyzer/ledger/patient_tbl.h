/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/patients.csv; see device_tbl.h. */
COLUMN(ID,         true,  "患者id|患者番号|患者コード|カルテ番号|診察券番号|patientid|patientno|mrn")
COLUMN(DEPARTMENT, false, "診療科|診療科名|担当科|病棟|部署|department|ward")
COLUMN(STAFF,      false, "担当者|担当|主治医|担当医|担当者id|attending")
COLUMN(CARE,       false, "要配慮|配慮|要注意|care")
COLUMN(SELF,       false, "職員id|本人の職員id|本人id|staffid")
COLUMN(FAMILY,     false, "家族の職員id|家族id|家族|family")
COLUMN(SURNAME,    false, "姓")
COLUMN(NAME,       false, "氏名|患者氏名|名前|name")
COLUMN(ADDRESS,    false, "住所|address")
