"""What people do: one act each, from which the page's form, the API's call and its documentation are made."""
