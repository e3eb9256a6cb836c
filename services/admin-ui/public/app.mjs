import { element, watchRegions } from "./shared/regions.mjs";

const byId = (id) => document.getElementById(id);

watchRegions(showRegions, (message) => {
  byId("notice").textContent = message;
});

function showRegions(regions) {
  byId("regions").replaceChildren(...regions.map(row));
  const up = regions.filter((region) => region.state === "up").length;
  byId("summary").textContent =
    regions.length === 0 ? "No region has reported yet." : `${up} of ${regions.length} regions are up.`;
}

function row(region) {
  const made = document.createElement("tr");
  const name = element("th", "", region.name);
  name.scope = "row";
  made.append(
    name,
    element("td", `state ${region.state}`, region.state),
    element("td", "number", String(region.players)),
    element("td", "number", String(region.maxPlayers)),
    element("td", "", region.owner ?? ""),
    element("td", "", region.version ?? ""),
    seen(region.lastSeen),
  );
  return made;
}

function seen(iso) {
  const cell = document.createElement("td");
  const time = element("time", "", new Date(iso).toLocaleString());
  time.dateTime = iso;
  cell.append(time);
  return cell;
}
