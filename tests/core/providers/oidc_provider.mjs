// A certified OpenID provider for the suite: node oidc_provider.mjs PORT REDIRECT_URI; accounts are called by their e-mail.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const library = join(root, "frontend", "node_modules", "oidc-provider", "lib", "index.js");
const { Provider } = await import(pathToFileURL(library));
const [port, redirect] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "carloan", client_secret: "a secret with : and +%", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  cookies: { keys: ["suite"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, email: `${id}@bank.example`, email_verified: id !== "unverified" }),
  }),
  features: { devInteractions: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
