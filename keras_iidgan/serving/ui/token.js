// The bearer token: asked for when the server wants one, forgotten when the tab is closed.

const KEY = "token";
let asking = null;

export function token() {
  return sessionStorage.getItem(KEY);
}

// Asks for another token than the one that was refused (`null` where none was sent). Returns
// whether there is one to try now. Requests that are refused together ask together.
export function askForToken(refused) {
  if (token() !== refused) {
    return Promise.resolve(true);
  }
  asking ??= ask(refused).finally(() => {
    asking = null;
  });
  return asking;
}

function ask(refused) {
  const dialog = document.getElementById("token");
  const input = dialog.querySelector("input");
  dialog.querySelector(".problem").textContent = refused ? "The server refused this token." : "";
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(keep(dialog.returnValue, input)), { once: true });
  });
}

function keep(answer, input) {
  const value = input.value.trim();
  input.value = "";
  if (answer !== "use" || !value) {
    return false;
  }
  sessionStorage.setItem(KEY, value);
  return true;
}
