"""From stored tables to a screen: the live dashboard, the shared map, the ``mihwar`` command."""
