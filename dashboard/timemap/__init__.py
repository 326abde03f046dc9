"""The time map: rows and evidence for the browser, and the Streamlit component that shows them."""
