/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/networks.csv; see device_tbl.h. */
COLUMN(NETWORK, true,  "ネットワーク|アドレス範囲|network|prefix|cidr")
COLUMN(AS,      false, "as|as番号|asn|autonomous_system_number")
COLUMN(KIND,    false, "区分|種別|相手|kind")
COLUMN(SITE,    false, "施設|施設名|拠点|院所|site")
COLUMN(LATITUDE,  false, "緯度|latitude")
COLUMN(LONGITUDE, false, "経度|longitude")
COLUMN(RADIUS,  false, "誤差|誤差km|accuracy_radius")
COLUMN(COUNTRY, false, "国|国コード|country|country_code|country_iso_code")
COLUMN(NOTE,    false, "説明|備考|note")
