// The Streamlit component that shows evidence beside the map.

export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement.querySelector(".mihwar-evidence");
  host.dir = data.dir;
  MihwarPanel.showEvidence(host, data.evidence, data.words);
}
