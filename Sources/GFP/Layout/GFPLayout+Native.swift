extension GFPLayout {
    /// The flags that this kernel would have had for a request in the flags of kernels since 4.4: the way back from
    /// ``modernized(_:)``. What it has no flag for is left out.
    public func native(_ modern: GFPFlags) -> GFPFlags {
        var flags = modern
        if !self.flags.contains(.retryMayFail), self.flags.contains(.repeat), flags.remove(.retryMayFail) != nil {
            flags.insert(.repeat)
        }
        if self.flags.contains(.wait) {
            if flags.remove(.directReclaim) != nil { flags.insert(.wait) }
            if flags.remove(.kswapdReclaim) == nil { flags.insert(.noKswapd) }
        }
        return flags.intersection(self.flags.union(zeroFlags))
    }
}
