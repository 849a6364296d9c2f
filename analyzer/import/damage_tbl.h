/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * DAMAGE(identifier, word of the d1 record, English, Japanese): what is wrong
 * with packed data, of which a part could be unpacked.
 */
DAMAGE(NONE, "none", "nothing", "なし")
DAMAGE(TRUNCATED, "truncated", "the packed data ends too early: the copy is not whole", "圧縮データが途中で切れています（コピーが不完全）")
DAMAGE(CORRUPT, "corrupt", "the packed data is damaged from here on", "圧縮データがここから先で壊れています")
DAMAGE(CHECKSUM, "checksum", "what was unpacked does not have the checksum or size that the container gives", "展開した内容が圧縮ファイルの検査値またはサイズと一致しません")
DAMAGE(TRAILING, "trailing", "other bytes follow the packed data", "圧縮データの後に別のデータが続いています")
DAMAGE(BOMB, "bomb", "it unpacks to more than 300 times its size, as a decompression bomb does", "展開すると300倍を超えます（展開爆弾の疑い）")
