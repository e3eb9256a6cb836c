import { element, watchRegions } from "./shared/regions.mjs";

const byId = (id) => document.getElementById(id);
const list = byId("regions");
let socket;

watchRegions(showRegions, (message) => {
  byId("notice").textContent = message;
});

function showRegions(regions) {
  const cards = new Map([...list.children].map((card) => [card.dataset.name, card]));
  for (const region of regions) {
    const card = cards.get(region.name) ?? newCard(region.name);
    cards.delete(region.name);
    update(card, region);
    list.append(card);
  }
  for (const gone of cards.values()) gone.remove();
  if (regions.length === 0) list.replaceChildren(element("li", "", "No region has reported yet."));
}

/** Made once per region and then updated, so that the keyboard focus stays where it is. */
function newCard(name) {
  const card = element("li", "");
  card.dataset.name = name;
  const button = element("button", "", "Connect");
  button.setAttribute("aria-label", `Connect to ${name}`);
  button.addEventListener("click", () => connect(name));
  card.append(element("h3", "", name), element("p", "state"), button);
  return card;
}

function update(card, region) {
  const state = card.querySelector("p");
  state.className = `state ${region.state}`;
  state.textContent = `${region.state}, ${region.players} of ${region.maxPlayers} players`;
  card.querySelector("button").disabled = region.state === "down";
}

function connect(name) {
  socket?.close();
  byId("messages").textContent = "";
  say(`Connecting to ${name}.`);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws/regions/${encodeURIComponent(name)}/connect`);
  socket = opened;
  opened.addEventListener("open", () => say(`Connected to ${name}.`));
  opened.addEventListener("message", ({ data }) => {
    byId("messages").textContent += `${data}\n`;
  });
  opened.addEventListener("close", ({ code, reason }) => {
    if (opened === socket) say(`The connection to ${name} ended (${reason || code}).`);
  });
}

function say(text) {
  byId("connection").textContent = text;
}
