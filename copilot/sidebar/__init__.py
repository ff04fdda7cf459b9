"""The agent's sidebar: static pages and modules for the browser, and the package that brings them into Zendesk.

`panel/` is what the agent sees, `hosts/` how it speaks to the console around it, `console/` a console to try it in, `insights/`
the supervisor's page; `bundles/` is what browsers load, made of them by `bundling`. `zendesk/` builds the app package. No module
in here reads a ticket.
"""
