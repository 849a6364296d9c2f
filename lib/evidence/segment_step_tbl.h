/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* SEGMENT_STEP(identifier, English, Japanese) */
SEGMENT_STEP(RECORD, "a record", "記録")
SEGMENT_STEP(MORE, "the bytes end here", "バイト列がここで終わっています")
SEGMENT_STEP(END, "the end of a closed segment", "閉じたセグメントの終端")
SEGMENT_STEP(BAD_GZIP, "not the gzip profile of the format",
    "gzipの形式が規定どおりではありません")
SEGMENT_STEP(BAD_HEAD, "the header line of the segment is not as specified",
    "セグメントの見出し行が形式どおりではありません")
SEGMENT_STEP(BAD_RECORD, "a record is not as specified",
    "記録が形式どおりではありません")
SEGMENT_STEP(CUT_RECORD, "a member ends inside a record",
    "記録の途中でメンバーが終わっています")
SEGMENT_STEP(LONG_MEMBER, "a member goes on although it is full",
    "満杯のメンバーに記録が続いています")
SEGMENT_STEP(BAD_INDEX, "an index beyond what the format allows",
    "番号が形式の上限を超えています")
SEGMENT_STEP(NO_STREAM, "a record of a stream that the segment does not define",
    "このセグメントで定義されていないストリームの記録です")
SEGMENT_STEP(BAD_STREAM, "a d1 record is not as specified",
    "d1記録が形式どおりではありません")
SEGMENT_STEP(BAD_SEQUENCE, "a stream's sequence numbers do not follow",
    "ストリームの通し番号が連続していません")
SEGMENT_STEP(BAD_PORT, "a sender's port is given that had not changed",
    "変わっていない送信元ポートが記されています")
SEGMENT_STEP(MANY_STREAMS, "more live streams than a reader must bear",
    "同時に開いているストリームが多すぎます")
SEGMENT_STEP(UNREADABLE, "the file cannot be read",
    "ファイルを読めません")
