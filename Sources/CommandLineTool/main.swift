print("numazones")
