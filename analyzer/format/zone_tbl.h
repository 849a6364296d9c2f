/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Names of zones: ZONE(name, hours, minutes, alone).  alone: it is a zone even
 * where a host's name could stand, for it is common and a bad name for a host.
 * The names of North America are those of RFC 5322, 4.3.
 */
ZONE("UTC", 0, 0, true)
ZONE("GMT", 0, 0, true)
ZONE("UCT", 0, 0, true)
ZONE("WET", 0, 0, true)
ZONE("WEST", 1, 0, false)
ZONE("CET", 1, 0, true)
ZONE("CEST", 2, 0, true)
ZONE("MEZ", 1, 0, false)
ZONE("MESZ", 2, 0, false)
ZONE("EET", 2, 0, true)
ZONE("EEST", 3, 0, true)
ZONE("MSK", 3, 0, true)
ZONE("WAT", 1, 0, false)
ZONE("SAST", 2, 0, false)
ZONE("EAT", 3, 0, false)
ZONE("IRST", 3, 30, false)
ZONE("PKT", 5, 0, false)
ZONE("NPT", 5, 45, false)
ZONE("ICT", 7, 0, false)
ZONE("WIB", 7, 0, false)
ZONE("WITA", 8, 0, false)
ZONE("MYT", 8, 0, false)
ZONE("PHT", 8, 0, false)
ZONE("HKT", 8, 0, true)
ZONE("SGT", 8, 0, true)
ZONE("AWST", 8, 0, true)
ZONE("JST", 9, 0, true)
ZONE("KST", 9, 0, true)
ZONE("ACST", 9, 30, true)
ZONE("ACDT", 10, 30, true)
ZONE("AEST", 10, 0, true)
ZONE("AEDT", 11, 0, true)
ZONE("CHST", 10, 0, false)
ZONE("NZST", 12, 0, true)
ZONE("NZDT", 13, 0, true)
ZONE("HST", -10, 0, false)
ZONE("AKST", -9, 0, false)
ZONE("AKDT", -8, 0, false)
ZONE("PST", -8, 0, true)
ZONE("PDT", -7, 0, true)
ZONE("MST", -7, 0, true)
ZONE("MDT", -6, 0, true)
ZONE("CDT", -5, 0, true)
ZONE("EST", -5, 0, true)
ZONE("EDT", -4, 0, true)
ZONE("BRT", -3, 0, false)
ZONE("ART", -3, 0, false)
/* Names that mean different zones in different countries: never guessed. */
#define ODD(name, alone) ZONE(name, STAMP_ZONE_HOURS, 0, alone)
ODD("CST", true)  /* China +8, Central -6, Cuba -5 */
ODD("IST", true)  /* India +5:30, Ireland +1, Israel +2 */
ODD("BST", true)  /* Britain +1, Bangladesh +6 */
ODD("AST", false) /* Arabia +3, Atlantic -4 */
ODD("ADT", false)
ODD("SST", false) /* Samoa -11, Singapore +8 */
ODD("GST", false) /* Gulf +4, South Georgia -2 */
ODD("AMT", false) /* Armenia +4, Amazon -4 */
ODD("ECT", false) /* Ecuador -5, Central Europe */
ODD("WST", false) /* Samoa +13, Western Australia */
#undef ODD
/* In full, by IANA and by Windows: only where nothing else stands. */
ZONE("ASIA/TOKYO", 9, 0, false)
ZONE("JAPAN", 9, 0, false)
ZONE("ETC/UTC", 0, 0, false)
ZONE("ETC/GMT", 0, 0, false)
ZONE("TOKYO STANDARD TIME", 9, 0, false)
ZONE("東京 (標準時)", 9, 0, false)
ZONE("東京(標準時)", 9, 0, false)
ZONE("日本標準時", 9, 0, false)
