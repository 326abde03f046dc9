// The Streamlit component that shows evidence, or a report, as text.

export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement.querySelector(".mihwar-evidence");
  host.dir = data.dir;
  if (data.report) MihwarCards.showReport(host, data.report); else MihwarCards.showEvidence(host, data.evidence, data.words);
  if (data.reveal && data.reveal !== host.dataset.revealed) {
    host.dataset.revealed = data.reveal;
    host.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }
}
