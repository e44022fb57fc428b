// <div data-settle="address of a state"> asks until the work is over, and then loads the page again: everything on it
// may have changed, and scripts of the page start afresh.
const BUSY = ["received", "recognising", "waiting", "queued", "running"];

async function ask(element, pause) {
  if (!element.isConnected) return;
  try {
    const response = await fetch(element.dataset.settle, { headers: { Accept: "application/json", "X-Unattended": "1" } });
    if (response.ok && !BUSY.includes((await response.json()).state)) return location.reload();
  } catch { /* the next round asks again */ }
  setTimeout(ask, pause, element, Math.min(pause * 1.3, 8000));
}

for (const element of document.querySelectorAll("[data-settle]")) setTimeout(ask, 1000, element, 1500);
