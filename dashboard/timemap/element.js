// Make an element; its text is set as text, never as markup.

function mihwarElement(tag, className, parent, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  if (parent) parent.appendChild(made);
  return made;
}

// Pictures on buttons, drawn here: no font has to hold them.
const MIHWAR_ICONS = {
  play: "M4 2 14 8 4 14Z", pause: "M3 2H7V14H3ZM9 2H13V14H9Z", back: "M2 2H4.5V14H2ZM14 2V14L5.5 8Z", on: "M11.5 2H14V14H11.5ZM2 2 10.500 8 2 14Z",
  box: "M2 3H14V13H2ZM3.500 4.500V11.500H12.500V4.500Z", polygon: "M8 1 15 6 12.500 14H3.500L1 6ZM8 2.900 2.800 6.600 4.600 12.500H11.400L13.200 6.600Z",
  clear: "M3.500 2 8 6.500 12.500 2 14 3.500 9.500 8 14 12.500 12.500 14 8 9.500 3.500 14 2 12.500 6.500 8 2 3.500Z",
  link: "M6 11H4.500A3 3 0 0 1 4.500 5H7V6.500H4.500A1.500 1.500 0 0 0 4.500 9.500H6ZM5.500 7.250H10.500V8.750H5.500ZM10 5H11.500A3 3 0 0 1 11.500 11H9V9.500H11.500A1.500 1.500 0 0 0 11.500 6.500H10Z",
  picture: "M1 2H15V14H1ZM2.500 3.500V10L6 6.500 9 9.500 11 7.500 13.500 10V3.500ZM10.500 4.500A1.200 1.200 0 1 1 10.500 6.900 1.200 1.200 0 0 1 10.500 4.500Z",
  whole: "M1 8 5 4V7H11V4L15 8 11 12V9H5V12Z",
  done: "M2 8.500 4 6.500 6.500 9 12.500 3 14.500 5 6.500 13Z",
};

function mihwarIcon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("class", "mihwar-icon");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(picture.namespaceURI, "path");
  line.setAttribute("d", MIHWAR_ICONS[name]);
  line.setAttribute("fill", "currentColor");
  line.setAttribute("fill-rule", "evenodd");
  picture.appendChild(line);
  return picture;
}
