// Cookies that scripts set and read: over https by a name that browsers keep to this host (settings.COOKIE_PREFIX).
const secure = location.protocol === "https:";
const named = (name) => (secure ? `__Host-${name}` : name);

export function cookie(name) {
  return document.cookie.split("; ").find((pair) => pair.startsWith(`${named(name)}=`))?.slice(named(name).length + 1);
}

export function remember(name, value) {
  document.cookie = `${named(name)}=${value}; path=/; max-age=31536000; samesite=lax${secure ? "; secure" : ""}`;
}
