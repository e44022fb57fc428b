// Passkeys. <form data-passkey="get|create" data-passkey-options="id of a json_script" | data-passkey-from="url">
// asks the device and sends its answer in the hidden field "credential". A <button data-passkey-confirm="id"> does so for
// a form that has other fields too. The file comes again with each dialog that needs it and listens once.
const strings = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function decode({ publicKey }) {
  const list = (found) => found?.map((each) => ({ ...each, id: bytes(each.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.allowCredentials) options.allowCredentials = list(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) options.excludeCredentials = list(publicKey.excludeCredentials);
  return options;
}

function encode(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type, id: credential.id, rawId: text(credential.rawId), response,
    authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  const { passkeyOptions, passkeyFrom } = form.dataset;
  if (passkeyOptions) return JSON.parse(document.getElementById(passkeyOptions).textContent);
  const response = await fetch(passkeyFrom, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

async function ask(form) {
  const data = await optionsOf(form);
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: decode(data.request_options) });
  const publicKey = decode(data.creation_options);
  const alone = form.elements.passwordless?.checked ?? false;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return navigator.credentials.create({ publicKey });
}

function complain(form) {
  let line = form.querySelector(".field-error");
  if (!line) {
    line = document.createElement("div");
    line.className = "field-error";
    line.setAttribute("role", "alert");
    form.append(line);
  }
  line.textContent = strings.passkey_failed;
}

async function confirm(button) {
  const { form, dataset } = button;
  const data = JSON.parse(document.getElementById(dataset.passkeyConfirm).textContent);
  try {
    form.elements.credential.value = JSON.stringify(encode(await navigator.credentials.get({ publicKey: decode(data.request_options) })));
    form.requestSubmit();
  } catch {
    complain(form);
  }
}

function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-passkey-confirm]");
    if (button) confirm(button);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify(encode(await ask(form)));
      form.submit();
    } catch {
      complain(form);
    }
  });
}

if (window.PublicKeyCredential) {
  for (const hidden of document.querySelectorAll("[data-passkeys]")) hidden.hidden = false;
}
if (!window.carloanPasskeys) {
  window.carloanPasskeys = true;
  listen();
}
