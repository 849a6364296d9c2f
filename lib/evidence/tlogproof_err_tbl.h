/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* Why a proof is not accepted: TLOGPROOF_ERR(id, English, Japanese). */
TLOGPROOF_ERR(OK, "no error", "エラーなし")
TLOGPROOF_ERR(BAD_TEXT, "not the text of a proof", "証明のテキストではありません")
TLOGPROOF_ERR(BAD_NOTE, "the checkpoint in it is not a checkpoint note",
    "含まれているチェックポイントの形式が誤っています")
TLOGPROOF_ERR(BAD_SIGNATURE, "the checkpoint is not signed by the log's key",
    "チェックポイントにログの鍵による署名がありません")
TLOGPROOF_ERR(BAD_PROOF, "it does not prove this record",
    "この記録の証明になっていません")
TLOGPROOF_ERR(BAD_RANGE, "it does not prove these records",
    "これらの記録の証明になっていません")
TLOGPROOF_ERR(BAD_OLD, "it does not prove that this log grew from the older one",
    "以前のログの続きであることの証明になっていません")
