"""Is what somebody was given from this desk's log? For machines that do not have the product."""
