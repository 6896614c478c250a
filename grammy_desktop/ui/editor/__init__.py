"""The editor in the middle of the window: time axis, lanes, ruler, selection and the commands on them."""
