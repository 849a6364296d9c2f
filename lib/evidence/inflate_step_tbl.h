/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* INFLATE_STEP(identifier, English, Japanese) */
INFLATE_STEP(MORE, "the bytes end inside a member",
    "メンバーの途中でバイト列が終わっています")
INFLATE_STEP(MEMBER, "a member ended", "メンバーが終わりました")
INFLATE_STEP(END, "the closing empty member", "終端の空メンバー")
INFLATE_STEP(BAD_HEADER, "a member's header is not the ten bytes of the format",
    "メンバーのヘッダーが形式で定めた10バイトではありません")
INFLATE_STEP(BAD_DATA, "compressed data that no writer makes",
    "圧縮データが壊れています")
INFLATE_STEP(BAD_CRC, "a member's CRC-32 is wrong",
    "メンバーのCRC-32が一致しません")
INFLATE_STEP(BAD_LENGTH, "a member's length is wrong",
    "メンバーの長さが一致しません")
INFLATE_STEP(TOO_BIG, "a member inflates to more than the format allows",
    "メンバーの展開後の長さが形式の上限を超えています")
INFLATE_STEP(BAD_EMPTY, "a member without content that is not the closing one",
    "終端ではない、内容のないメンバーがあります")
INFLATE_STEP(TRAILING, "bytes behind the closing empty member",
    "終端の空メンバーの後にバイトがあります")
