"""What is said of certificates, by code, in the two languages: beside the words of carloan_verify.py."""

from carloan.compliance.proofs import carloan_verify as ledger

CERTIFICATE_WORDS: dict[str, tuple[str, str]] = {
    "other_in_pdf": (
        "the certificate that lies in the PDF is not the one beside it",
        "PDF 中所附的证明与包内证明文件不一致",
    ),
    "long_in_zip": (
        "a file in the zip is too long",
        "压缩包内有文件过长",
    ),
    "many_in_pdf": (
        "this PDF holds more than one certificate of destruction, or what looks like it",
        "PDF 中有多份销毁证明，或形似销毁证明的内容",
    ),
    "none_in_pdf": (
        "this PDF holds no certificate of destruction, or more than one",
        "PDF 中没有销毁证明，或不止一份",
    ),
    "no_certificate": (
        "this is no certificate of destruction, or one of a newer version",
        "这不是销毁证明，或者是更新版本的销毁证明",
    ),
    "written_anew": (
        "the certificate was written anew: these are not the bytes whose hash the ledger holds",
        "证明被重新写过：账本所存哈希对应的并非这些字节",
    ),
    "certificate_of_other": (
        "the certificate is one of another lender",
        "该证明属于其他机构",
    ),
    "event_not_in_tree": (
        "an event does not stand in the ledger as it is shown here",
        "账本中没有与此处内容完全一致的某条记录",
    ),
    "event_twice": (
        "an event is of another lender, or stands there twice",
        "某条记录属于其他机构，或重复列出",
    ),
    "other_list": (
        "the things do not give the hash of the list that was approved",
        "各项与已批准清册的哈希不一致",
    ),
    "other_list_root": (
        "the things do not give the root of the list",
        "各项与清册根哈希不一致",
    ),
    "other_counts": (
        "not as many went out as were listed",
        "销毁、暂缓、剔除之和与列入数不一致",
    ),
    "other_code": (
        "the code of the certificate is not that of its list",
        "证明上的二维码内容与清册不符",
    ),
    "proposed_not_once": (
        "the ledger does not tell once who proposed this",
        "账本中没有唯一的提议记录",
    ),
    "was_refused": (
        "somebody refused this destruction",
        "有人否决了本次销毁",
    ),
    "not_agreed": (
        "not everybody has agreed to this list",
        "并非所有应表决的人都同意了本清册",
    ),
    "same_voices": (
        "the voices are not those of different people, or whoever proposed it spoke too",
        "表决人有重复，或提议人参与了表决",
    ),
    "other_voices": (
        "the certificate names other voices than the ledger",
        "证明所列的表决与账本不一致",
    ),
    "steps_not_once": (
        "the ledger does not tell once that this was begun, executed and verified",
        "账本中没有唯一的开始、执行、核验记录",
    ),
    "cooling_span": (
        "a destruction cools off for 7 to 14 days",
        "销毁冷静期应为 7 至 14 天",
    ),
    "begun_early": (
        "it was begun before the cooling-off was over",
        "冷静期未满即开始销毁",
    ),
    "verified_early": (
        "it was verified before it was executed",
        "核验早于执行",
    ),
    "other_things": (
        "what the ledger tells of the things on the list is not what the certificate says",
        "账本对清册各项的记载与证明不一致",
    ),
    "originals_denied": (
        "the ledger tells of paper originals and the certificate does not",
        "账本记有纸质原件销毁，而证明没有",
    ),
    "other_shredding": (
        "the record of the shredding is not the one that the ledger holds",
        "纸质原件销毁记录与账本所存不一致",
    ),
    "shredding_elsewhere": (
        "the record of the shredding is one of another destruction",
        "纸质原件销毁记录属于另一批次",
    ),
    "not_seen": (
        "two others did not see the paper originals go",
        "没有另外两人监销纸质原件",
    ),
    "other_witnesses": (
        "the certificate names other witnesses than the ledger",
        "证明所列的监销人与账本不一致",
    ),
    "day_early": (
        "the day that was stamped ended before this destruction did",
        "加盖时间戳之日早于本次销毁结束",
    ),
    "clock_forward": (
        "its events are later than the time stamp that lies over them: a clock was set forward",
        "记录时间晚于其上的时间戳：时钟曾被拨快",
    ),
    "other_deed": (
        "the notarial deed is about another certificate",
        "公证书所证明的是另一份销毁证明",
    ),
    "not_held_once": (
        "the ledger does not hold this certificate, or holds two for one destruction",
        "账本中没有本证明，或同一次销毁有两份证明",
    ),
    "pdf_not_held": (
        "the ledger does not hold this PDF",
        "账本中没有本 PDF",
    ),
    "more_told": (
        "the ledger tells more of this destruction than its certificate",
        "账本对本次销毁的记载多于证明所列",
    ),
    "no_stamp": (
        "the certificate bears no time stamp",
        "证明上没有时间戳",
    ),
    "unchecked_copies": (
        "whether what was destroyed had been copied elsewhere before",
        "被销毁内容此前是否另有复制件",
    ),
    "unchecked_held": (
        "whether the ledger holds this very certificate: give the zip of proofs, or a --bundle",
        "账本中是否存有本证明：请提供核验材料压缩包或 --bundle 证明包",
    ),
    "unchecked_pages": (
        "whether the PDF's pages are those that were filed: give the zip of proofs, or a --bundle",
        "PDF 页面是否为归档时的页面：请提供核验材料压缩包或 --bundle 证明包",
    ),
    "unchecked_second": (
        "whether there is a second certificate for the same destruction: give a --bundle",
        "同一次销毁是否另有一份证明：请提供 --bundle 证明包",
    ),
    "unchecked_when": (
        "when it was: the certificate bears no time stamp",
        "销毁时间：证明上没有时间戳",
    ),
    "unchecked_token": (
        "the time stamp itself: write the day's body and token to files (--stamp FOLDER), then ask openssl",
        "时间戳本身：用 --stamp 目录 写出当日内容和时间戳，再用 openssl 核验",
    ),
    "other_thing": (
        "the thing at place {place} is not the one that was listed",
        "清册第 {place} 项并非当初列入的内容",
    ),
    "thing_elsewhere": (
        "the thing at place {place} was listed for another destruction",
        "清册第 {place} 项是为另一批次列入的",
    ),
    "broken_certificate": (
        "this is no certificate of destruction: {error!r}",
        "这不是销毁证明：{error!r}",
    ),
    "other_hash": (
        "the ledger holds another hash for what was {act}",
        "账本中“{act}”所存的哈希与此不同",
    ),
    "film_other_time": (
        "segment {number} of the film shows another time than that of the shredding",
        "录像第 {number} 段的时间与纸质原件销毁时间不符",
    ),
    "shredded_early": (
        "the paper originals went before the cooling-off was over",
        "冷静期未满即销毁纸质原件",
    ),
    "shredded_later": (
        "the shredding was recorded before it ended",
        "纸质原件销毁结束之前已作记录",
    ),
    "not_covered": (
        "the film does not show the shredding from {began} to {ended}",
        "录像未覆盖纸质原件销毁的 {began} 至 {ended} 时段",
    ),
    "unchecked_film": (
        "the film itself, which lies with the lender: hash its segments (SHA-256) and look at them",
        "录像本身，由机构保存：请对各段计算 SHA-256 并观看",
    ),
    "unchecked_no_film": (
        "how the paper originals went: there is no film, because of: {reason}",
        "纸质原件的销毁过程：没有录像，原因：{reason}",
    ),
    "about_certificate": (
        "Verify a certificate of destruction without Carloan, a network or any package.",
        "核验销毁证明：无需安装本系统，无需联网，无需其他软件包。",
    ),
    "help_certificate": (
        "a certificate (.pdf or .json), or a zip of its proofs",
        "销毁证明（.pdf 或 .json），或核验材料压缩包",
    ),
    "help_bundle": (
        "a bundle of the whole ledger",
        "整个账本的证明包",
    ),
    "help_stamp": (
        "write what openssl needs to check the time stamp",
        "写出供 openssl 核验时间戳的文件",
    ),
}
ledger.WORDS.update(CERTIFICATE_WORDS)
