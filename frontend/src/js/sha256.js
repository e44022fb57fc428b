// The SHA-256 of a file, read in pieces: WebCrypto digests only what lies in memory at once, and a film does not.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

// `tell` hears how many bytes are done.
export async function sha256OfFile(file, tell = () => {}) {
  const digest = sha256.create();
  const reader = file.stream().getReader();
  let done = 0;
  for (;;) {
    const piece = await reader.read();
    if (piece.done) return bytesToHex(digest.digest());
    digest.update(piece.value);
    done += piece.value.length;
    tell(done);
  }
}
